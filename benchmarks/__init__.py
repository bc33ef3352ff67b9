"""What CORS costs a request: every question has a file of its own, `make bench` asks them all."""
