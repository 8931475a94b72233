"""Who we are to the world: our DIDs, our keys, how we sign, and what we publish under our name."""
