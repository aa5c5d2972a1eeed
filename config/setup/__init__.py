"""Set-up that runs before the environment exists: only the standard library may be imported from this package."""
