traffic-title = Data used
traffic-now = Since opened
traffic-in-all = In all
traffic-both = { $sent } sent, { $received } received
traffic-about = What requests and answers weigh themselves; what the network adds is not in it.
