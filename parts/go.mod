module contractbuilder/parts

go 1.24
