"""People, organisations in five levels, roles and their scope, sign-in."""
