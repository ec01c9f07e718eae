"""What each page shows: functions of a read-only connection, without Datasette."""
