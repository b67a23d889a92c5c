"""`python -m luxagent` is the same as `luxagent`."""

from luxagent.cli.main import entry

if __name__ == "__main__":
    entry()
