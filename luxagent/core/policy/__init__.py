"""What the owner asked for: conditions and rules as a tree, compiled to closures, explained in words."""
