"""Results that stand, the ceremony that reveals them, certificates and prizes."""
