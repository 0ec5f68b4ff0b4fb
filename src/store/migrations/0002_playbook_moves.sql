-- How the version in force came to be is told by a shop's events; these few of them are looked up by themselves.
CREATE INDEX event_playbook ON event (shop, seq)
    WHERE type IN ('playbook_published', 'playbook_pushed', 'playbook_rolled_back');
