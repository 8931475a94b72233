"""What a node does, one verb a module; none of them speaks HTTP."""
