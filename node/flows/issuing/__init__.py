"""From a draft to a signed credential that anybody can check, or to nothing."""
