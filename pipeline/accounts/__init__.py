"""Who signs in, and what they may see: accounts, sessions, tokens, links, the log of originals."""
