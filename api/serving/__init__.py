"""The doors of the service: certificates, ports, limits, and the page that lets phones in."""
