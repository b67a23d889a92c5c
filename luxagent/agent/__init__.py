"""The loop. It states what it needs as Protocols (`ports`) and imports core and errors alone."""
