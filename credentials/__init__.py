"""What is true about a credential, decided from values alone.

The rule this floor keeps: synchronous and pure. No network, no clock, no environment, no database; time is
always the argument ``at``. Two front doors: :mod:`credentials.verify` judges one credential,
:mod:`credentials.provenance` judges a chain. Both say first what they need and then judge what was found.
"""
