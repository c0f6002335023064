"""What is known of the sites that publish: where their lists are, how their pages say what they are."""
