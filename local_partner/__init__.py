"""What the local servers that answer like the portal's partners share. It is no part of either of them."""
