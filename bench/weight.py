def measure(report, place): pass
