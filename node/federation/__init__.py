"""How nodes speak to each other: signed requests, events, peers, an outbox that does not forget."""
