"""Rented homes: lettings as dated spells with landlord and tenant, and hazards found and fixed."""
