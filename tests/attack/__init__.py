"""What somebody with everything the server keeps could find out about who wrote what."""
