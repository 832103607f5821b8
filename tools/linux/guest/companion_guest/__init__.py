"""What this Linux has of the extension: the proxy to the host's network gate, installers, and words for what is not here."""
