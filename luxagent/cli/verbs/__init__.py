"""The verbs, one module each. A module is imported only when its verb runs and offers it as `command`."""
