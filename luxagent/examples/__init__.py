"""Files an owner can start from, shipped with the program and read by `demo` and `init`.

Read them by `importlib.resources.files("luxagent.examples")`: that works from a wheel and from a checkout.
`rules.example.yaml` at the root of the repository is a link to the one here, so the two cannot differ.
"""
