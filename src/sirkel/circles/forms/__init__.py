"""What people send to this room, checked before it reaches the domain."""
