module contractbuilder/demo

go 1.24
