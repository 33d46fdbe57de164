"""The office's own pages: login and account, users and posts, regions, the dictionary, audit, the workbench.

The rooms that these show stand below the kit of pages and so cannot have pages of their own."""
