"""The conformance profile: throw-away issuer instances on loopback, for test suites that speak HTTP."""
