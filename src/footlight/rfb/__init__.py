"""RFB as bytes in, events out; no sockets."""
