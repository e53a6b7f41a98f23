"""Partners that run as processes of their own, so that tests may cut, delay and doubt them."""
