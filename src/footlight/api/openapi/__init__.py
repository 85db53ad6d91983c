"""The server's routes as an OpenAPI 3.1 document."""
