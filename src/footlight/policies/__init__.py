"""Recording policies: who is recorded and how, the reasons that recordings run for, and how that goes."""
