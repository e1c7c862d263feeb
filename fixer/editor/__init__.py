"""What editors read: findings as the objects of the Language Server Protocol."""
