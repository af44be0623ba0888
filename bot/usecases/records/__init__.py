"""What is kept: exports, the audit trail, erasing."""
