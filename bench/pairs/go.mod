module contractbuilder/bench/pairs

go 1.24
