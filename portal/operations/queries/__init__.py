"""What the pages read; one module per page area, none of them changes anything but what was shown."""
