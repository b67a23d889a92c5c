"""Small values with arithmetic of their own: units, windows, days, sun, cron, tariff, truth with unknown."""
