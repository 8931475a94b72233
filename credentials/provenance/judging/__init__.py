"""The verdict: every rule asked, every claim weighed, one report put together."""
