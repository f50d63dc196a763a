"""What must not be interrupted: posts without a holder, work nobody touches, units that change."""
