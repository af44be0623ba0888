"""The ceremony, certificates and prizes in Slack."""
