"""What a node does, one verb a room; none of them speaks HTTP, and none leans on another but verifying."""
