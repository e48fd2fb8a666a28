"""Who is responsible where: units, groups, people, areas, streets and permits, all dated."""
