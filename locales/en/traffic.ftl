traffic-title = Data used
traffic-now = Since opened
traffic-in-all = In all
traffic-both = { $sent } sent, { $received } received
traffic-about = Roughly: what came compressed is counted unpacked, and what the network adds is left out.
