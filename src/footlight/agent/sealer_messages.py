"""What the recorder and its sealer say to each other: one packet each, over a socket pair."""

import struct

# To the sealer: a job's number, bytes of the body when decompressed; with the closed segment's file and an empty one.
# Without files: nothing, but as any message it ends the job at hand.
JOB = struct.Struct("<QQ")
STOP = JOB.pack(0, 0)
# From it, once for each job: its number, whether the second file holds the body, whole and smaller.
ANSWER = struct.Struct("<Q?")
