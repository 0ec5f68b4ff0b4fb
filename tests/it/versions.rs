//! Published versions: what is in force, who put it there, and what a folder is to it.
