"""HTTP endpoints of the simulator."""
