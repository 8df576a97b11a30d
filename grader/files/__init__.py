"""Files of any room: written whole or not at all, zipped the same way each time, and tables read."""
