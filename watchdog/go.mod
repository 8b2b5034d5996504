module contractbuilder/watchdog

go 1.25
