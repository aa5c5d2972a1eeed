"""Patients, records, consults, referrals, opinions, consent."""
