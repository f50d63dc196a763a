"""What grows hot: signals from live cases by declared rules, projects of land acquisition."""
