"""Deadlines as dated data: rules by filing condition, working hours, holidays, weather."""
